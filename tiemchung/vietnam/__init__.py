"""All that is national: identity numbers, names, dates as people know them, phones, card QR codes, areas.

The library knows nothing of Django nor of the rest of the platform. Every refusal is an `errors.InputError`
that names the field and the cure in Vietnamese and English.
"""
