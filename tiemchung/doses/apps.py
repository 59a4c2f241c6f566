from django.apps import AppConfig


class DosesConfig(AppConfig):
    name = "tiemchung.doses"
    label = "doses"

    def warm(self) -> None:
        """Load the dose rules, before anybody waits for them."""
        from tiemchung.doses import course

        course.rules()
