"""What a user can do with engagements, one function each: rule, storage and audit in one transaction."""
