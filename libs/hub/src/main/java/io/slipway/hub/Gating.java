package io.slipway.hub;

/** What a repository's owner asks of those who want its files. */
public enum Gating {
  NONE,
  /** Access after accepting conditions. */
  AUTO,
  /** Access after the owner agreed. */
  MANUAL
}
