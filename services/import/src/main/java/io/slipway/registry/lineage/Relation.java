package io.slipway.registry.lineage;

/**
 * How two resources belong together. {@code subject} and {@code object} are resource names.
 *
 * @param subject the resource that an event tells of, or one that it names
 */
record Relation(String subject, Kind kind, String object) {

  enum Kind {
    /** The subject exists because of the object; lineages follow this backwards. */
    MADE_FROM,
    /** The subject's events belong to the object's lineage, too. */
    ABOUT
  }
}
