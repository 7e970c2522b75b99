"""Training, evaluation and the data they use; imports ``extraction``, never the other way round."""
