"""What a site's devices call. Errors are `{code, field, vi, en}`; the OpenAPI document is at /api/openapi.json."""
