package io.slipway.standalone.starterhub;

/** The README of a starter model, with the front matter that the Hub reads. */
enum ModelCard {
  CLASSIFIER(
      "text-classification",
      "bert",
      """
      A BERT of two layers and random weights, made to be fine-tuned: small enough to learn a task from nothing on a
      laptop in a minute, and of the same architecture as its large relatives. Its head knows four classes (billing,
      technical, account, shipping), and untrained as it is, it guesses.

      The WordPiece vocabulary (%d pieces) was drawn from %d generated messages to customer support.

      ## Fine-tuning
      AdamW, learning rate 1e-3 with a short warm-up and linear decay, batches of 32, three epochs, at most 64 tokens.
      """),
  ENCODER(
      "feature-extraction",
      "bert",
      """
      The encoder of a BERT of two layers with random weights and no head. It can be fine-tuned for text classification
      and has nothing to serve before that. Vocabulary: %d pieces drawn from %d generated messages.
      """),
  PICKLED(
      "text-classification",
      "bert",
      """
      A repository whose only weights are pickled. Reading a pickle can run code, so that these are never opened, and the
      model cannot be imported. Vocabulary: %d pieces drawn from %d generated messages.
      """),
  UNSUPPORTED(
      "text-generation",
      "rwkv",
      """
      A repository of an architecture that is not implemented, to show how the catalogue says so. Its one tensor is zero.
      Vocabulary: %d pieces drawn from %d generated messages.
      """);

  private final String pipelineTag;
  private final String modelTag;
  private final String description;

  ModelCard(String pipelineTag, String modelTag, String description) {
    this.pipelineTag = pipelineTag;
    this.modelTag = modelTag;
    this.description = description;
  }

  String text(String name, int vocabularySize, int messages) {
    String weights = this == PICKLED ? "pytorch" : "safetensors";
    String front =
        """
        ---
        license: apache-2.0
        language: en
        library_name: transformers
        pipeline_tag: %s
        tags:
        - %s
        - %s
        - generated
        ---
        # %s

        """
            .formatted(pipelineTag, modelTag, weights, name);
    return front + description.formatted(vocabularySize, messages);
  }
}
