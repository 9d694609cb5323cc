"""What onboarding tells the other services: nothing yet. Topic: `onboarding`."""
