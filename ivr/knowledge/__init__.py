"""The knowledge base (知识库): articles with answers to citizens' questions, their life cycle, and the search."""
