package io.slipway.standalone.cli;

import java.io.PrintStream;

/**
 * Where commands write: lines for everybody, and progress that redraws itself where a person looks
 * at it.
 */
public final class Terminal {

  private final PrintStream out;
  private final boolean interactive;

  public Terminal(PrintStream out, boolean interactive) {
    this.out = out;
    this.interactive = interactive;
  }

  public static Terminal system() {
    return new Terminal(System.out, System.console() != null && System.console().isTerminal());
  }

  public void line(String text) {
    out.println(text);
  }

  /** Begins something that takes a while. */
  public Progress progress(String title) {
    return new Progress(title);
  }

  /** One line about something under way. */
  public final class Progress implements AutoCloseable {

    private static final int WIDTH = 24;
    private static final String CLEAR_LINE = "\r\033[K";

    private final String title;
    private String lastNote = "";
    private int lastTenth = -1;
    private boolean open = true;

    private Progress(String title) {
      this.title = title;
      if (interactive) {
        draw(0, 1, "");
      }
    }

    /**
     * @param done of {@code total}; a total of 0 shows no bar
     */
    public void update(long done, long total, String note) {
      if (interactive) {
        draw(done, total, note);
        return;
      }
      // Without a terminal: a line for each tenth or new note, not for each step.
      int tenth = total == 0 ? 0 : (int) (10 * done / total);
      if (tenth != lastTenth || (total == 0 && !note.equals(lastNote))) {
        out.println(title + ": " + (total == 0 ? "" : 100 * done / total + "% ") + note);
        lastTenth = tenth;
        lastNote = note;
      }
    }

    private void draw(long done, long total, String note) {
      int filled = total == 0 ? 0 : (int) (WIDTH * Math.min(done, total) / total);
      String bar = total == 0 ? "" : "[" + "█".repeat(filled) + "·".repeat(WIDTH - filled) + "] ";
      out.print(CLEAR_LINE + title + "  " + bar + note);
      out.flush();
    }

    public void done(String summary) {
      open = false;
      out.println((interactive ? CLEAR_LINE : "") + title + ": " + summary);
    }

    @Override
    public void close() {
      if (open && interactive) {
        out.println();
      }
    }
  }
}
