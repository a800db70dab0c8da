package io.slipway.benchmarks;

import java.io.PrintWriter;
import java.io.StringWriter;
import picocli.CommandLine;

/** How a command went. */
public record Execution(int exitCode, String out, String err) {

  /** Runs a command as the launcher does. */
  public static Execution of(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine command =
        Benchmarks.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    int exitCode = command.execute(arguments);
    command.getOut().flush();
    command.getErr().flush();
    return new Execution(exitCode, out.toString(), err.toString());
  }
}
