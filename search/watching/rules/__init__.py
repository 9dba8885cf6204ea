"""What is news, when somebody is told, and where a message may be sent: decisions without a database."""
