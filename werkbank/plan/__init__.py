"""From indications to a project plan: interventions, the choice among them, the plan itself."""
