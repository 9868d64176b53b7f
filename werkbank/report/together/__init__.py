"""The district as a whole: the analyses of its municipalities beside one another, for who may see the district."""
