package io.slipway.kit.commands;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.Message;
import io.slipway.kit.errors.ErrorCode;
import io.slipway.kit.errors.SlipwayException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.function.Supplier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Makes a command take effect once. The request id, what was asked and the resource that it made
 * are kept in one row, written in the transaction of the command itself: a repeated command finds
 * the row and gets the same resource.
 */
public final class Commands {

  private static final int LONGEST_REQUEST_ID = 128;

  private final JdbcClient db;
  private final TransactionTemplate transaction;

  public Commands(JdbcClient db, TransactionTemplate transaction) {
    this.db = db;
    this.transaction = transaction;
  }

  /**
   * Runs a command in a transaction, or finds what it made when it ran before.
   *
   * @param requestId the caller's id for this command; empty makes it a new one each time
   * @param request what is asked; the same id with another request is refused
   * @param command makes the resource and returns its name
   * @return the resource's name
   * @throws SlipwayException REQUEST_ID_REUSED
   */
  public String once(String tenant, String requestId, Message request, Supplier<String> command) {
    if (requestId.isEmpty()) {
      return inTransaction(command);
    }
    if (requestId.length() > LONGEST_REQUEST_ID) {
      throw SlipwayException.invalid(
          "request_id has "
              + requestId.length()
              + " characters; at most "
              + LONGEST_REQUEST_ID
              + " are allowed.");
    }
    byte[] fingerprint = fingerprint(request);
    return inTransaction(
        () -> {
          // A concurrent command with the same id waits here until the first one has committed.
          int inserted =
              db.sql(
                      """
                      insert into command (tenant, request_id, fingerprint) values (?, ?, ?)
                      on conflict do nothing""")
                  .params(tenant, requestId, fingerprint)
                  .update();
          return inserted == 1
              ? first(tenant, requestId, command)
              : repeated(tenant, requestId, fingerprint);
        });
  }

  private String first(String tenant, String requestId, Supplier<String> command) {
    String resource = command.get();
    db.sql("update command set resource = ? where tenant = ? and request_id = ?")
        .params(resource, tenant, requestId)
        .update();
    return resource;
  }

  private String repeated(String tenant, String requestId, byte[] fingerprint) {
    Recorded recorded =
        db.sql("select fingerprint, resource from command where tenant = ? and request_id = ?")
            .params(tenant, requestId)
            .query((row, n) -> new Recorded(row.getBytes(1), row.getString(2)))
            .single();
    if (!Arrays.equals(recorded.fingerprint, fingerprint)) {
      throw new SlipwayException(
          ErrorCode.REQUEST_ID_REUSED,
          "request_id \""
              + requestId
              + "\" was used before for another request, which made "
              + recorded.resource
              + "; use a new one.");
    }
    return recorded.resource;
  }

  private String inTransaction(Supplier<String> command) {
    String resource = transaction.execute(status -> command.get());
    if (resource == null) {
      throw new IllegalStateException("The command made no resource.");
    }
    return resource;
  }

  private static byte[] fingerprint(Message request) {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      sha256.update(request.getDescriptorForType().getFullName().getBytes(StandardCharsets.UTF_8));
      byte[] bytes = new byte[request.getSerializedSize()];
      CodedOutputStream out = CodedOutputStream.newInstance(bytes);
      // Maps in one order, or the same request would have several fingerprints.
      out.useDeterministicSerialization();
      request.writeTo(out);
      return sha256.digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JVM has SHA-256.", e);
    } catch (IOException e) {
      throw new UncheckedIOException("Writing to memory does not fail.", e);
    }
  }

  private record Recorded(byte[] fingerprint, String resource) {}
}
