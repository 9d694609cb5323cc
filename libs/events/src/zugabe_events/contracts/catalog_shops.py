"""What catalog-shops tells the other services: nothing yet. Topic: `catalog-shops`."""

USUAL_PORT = 8102
