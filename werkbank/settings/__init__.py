"""What one run is told: catalogue, method, parameters, workspace, theme."""
