package io.slipway.modelfiles.image;

import java.util.ArrayList;
import java.util.List;

/** The marker segments of a JPEG file up to its first scan. */
final class JpegSegments {

  private static final int START_OF_SCAN = 0xda;

  /**
   * @param begin where its content begins, after the length
   * @param end where it ends, exclusive; within the file
   */
  record Segment(int marker, int begin, int end) {

    /** Whether it is a frame header with its precision, height, width and components. */
    boolean isFrame() {
      boolean frame = marker >= 0xc0 && marker <= 0xcf;
      boolean table = marker == 0xc4 || marker == 0xc8 || marker == 0xcc;
      return frame && !table && end - begin >= 6 + 3;
    }
  }

  private JpegSegments() {}

  /** As many as are whole; stops at the first thing that is no segment. */
  static List<Segment> of(byte[] jpeg) {
    List<Segment> segments = new ArrayList<>();
    int at = 2;
    while (at + 4 <= jpeg.length && (jpeg[at] & 0xff) == 0xff) {
      int marker = jpeg[at + 1] & 0xff;
      if (marker == 0xff) {
        at++;
        continue;
      }
      int end = at + 2 + ((jpeg[at + 2] & 0xff) << 8 | (jpeg[at + 3] & 0xff));
      if (marker == START_OF_SCAN || end < at + 4 || end > jpeg.length) {
        break;
      }
      segments.add(new Segment(marker, at + 4, end));
      at = end;
    }
    return segments;
  }
}
