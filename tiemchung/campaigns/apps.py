from django.apps import AppConfig


class CampaignsConfig(AppConfig):
    name = "tiemchung.campaigns"
    label = "campaigns"

    def warm(self) -> None:
        """Load the questions of screening and the priority groups, before anybody waits for them."""
        from tiemchung.campaigns import priority_groups, screening_questions

        screening_questions.vital_signs()
        priority_groups.priority_groups()
