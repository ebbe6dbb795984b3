"""What is true and how we put it: facts about the services, and words."""
