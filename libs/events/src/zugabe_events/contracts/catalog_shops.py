"""Events that catalog-shops publishes on the topic `catalog-shops`: none yet."""

USUAL_PORT = 8102
