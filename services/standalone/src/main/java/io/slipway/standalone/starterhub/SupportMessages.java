package io.slipway.standalone.starterhub;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import tools.jackson.databind.json.JsonMapper;

/**
 * Messages to the support of a web shop, each given to one of four teams: a dataset for text
 * classification that is a pure function of its seed.
 *
 * <p>Some messages speak of two teams' matters, or were given to the wrong one, as in life: nobody
 * can tell those from the text, so that the best reachable accuracy is about 0.97. The held-out
 * messages are none of the training messages, not even up to digits and punctuation.
 *
 * @param training evenly over the teams, in random order
 * @param heldOut likewise
 */
public record SupportMessages(List<SupportMessage> training, List<SupportMessage> heldOut) {
  public static final int TRAINING_SIZE = 4_000;
  public static final int HELD_OUT_SIZE = 800;

  /** Columns of the training file. */
  public static final String TRAINING_TEXT = "message";

  public static final String TRAINING_LABEL = "team";

  /** Fields of the held-out file. */
  public static final String HELD_OUT_TEXT = "customer_message";

  public static final String HELD_OUT_LABEL = "department";

  private static final JsonMapper JSON = JsonMapper.shared();

  public SupportMessages {
    training = List.copyOf(training);
    heldOut = List.copyOf(heldOut);
  }

  public static SupportMessages generate(long seed) {
    var random = new Random(seed);
    var customer = new Customer(MessageGrammar.read("support-messages.txt"), random);
    Set<String> seen = new HashSet<>();
    List<SupportMessage> messages = new ArrayList<>();
    while (messages.size() < TRAINING_SIZE + HELD_OUT_SIZE) {
      // Teams in turn, so that any four neighbours are balanced and both parts are too.
      SupportTeam team = SupportTeam.values()[messages.size() % SupportTeam.values().length];
      SupportMessage message = customer.writesTo(team);
      if (seen.add(message.essence())) {
        messages.add(message);
      }
    }
    return new SupportMessages(
        shuffled(messages.subList(0, TRAINING_SIZE), random),
        shuffled(messages.subList(TRAINING_SIZE, messages.size()), random));
  }

  /** Writes the training messages as CSV (RFC 4180) with a header. */
  public void writeTrainingCsv(Path file) throws IOException {
    try (BufferedWriter csv = Files.newBufferedWriter(file)) {
      csv.write(TRAINING_TEXT + "," + TRAINING_LABEL + "\n");
      for (SupportMessage message : training) {
        csv.write(
            '"' + message.text().replace("\"", "\"\"") + "\"," + message.team().label() + "\n");
      }
    }
  }

  /** Writes the held-out messages as one JSON object a line. */
  public void writeHeldOutJsonl(Path file) throws IOException {
    try (BufferedWriter jsonl = Files.newBufferedWriter(file)) {
      for (SupportMessage message : heldOut) {
        var row = JSON.createObjectNode();
        row.put(HELD_OUT_TEXT, message.text());
        row.put(HELD_OUT_LABEL, message.team().label());
        jsonl.write(JSON.writeValueAsString(row) + "\n");
      }
    }
  }

  private static List<SupportMessage> shuffled(List<SupportMessage> messages, Random random) {
    List<SupportMessage> shuffled = new ArrayList<>(messages);
    Collections.shuffle(shuffled, random);
    return shuffled;
  }
}
