"""What catalog-shops tells the other services: nothing yet. Topic: `catalog-shops`."""
