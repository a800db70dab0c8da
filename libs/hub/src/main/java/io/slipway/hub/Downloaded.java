package io.slipway.hub;

/**
 * A file that has arrived and was checked.
 *
 * @param checksum what it was checked against: 64 hexadecimal digits of SHA-256, or 40 of a git
 *     object
 */
public record Downloaded(String path, long sizeBytes, String checksum) {}
