package io.slipway.worker;

import io.slipway.models.runtime.Precision;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * How a worker computes and what it accepts.
 *
 * @param device {@code cpu}, {@code cuda} or {@code cuda:N}
 * @param precision of weights and activations
 * @param threads of an operator on the CPU; 0 for all cores
 * @param advertisedAddress {@code host} or {@code host:port}; empty for this machine's name
 * @param memory what models may use; 0 for the memory of the container or machine without the heap
 * @param launchId given by who launched this process; empty when nobody did
 * @param exitWithParent end when standard input closes
 * @param batchRows inputs in one batch
 * @param batchTokens inputs of a batch times the tokens of its longest
 * @param batchPadding padding at most, as a share of the batch's real tokens
 * @param batchWait how long a batch waits to be filled under load
 * @param queueLimit inputs that wait for one model
 * @param largestInputs inputs of one request
 * @param largestCharacters characters of one input
 * @param drainPatience accepted work that takes longer than this is given up at the end
 */
@ConfigurationProperties("slipway.worker")
public record WorkerProperties(
    @DefaultValue("cpu") String device,
    @DefaultValue("FLOAT32") Precision precision,
    @DefaultValue("0") int threads,
    @DefaultValue("") String advertisedAddress,
    @DefaultValue("0B") DataSize memory,
    @DefaultValue("") String launchId,
    @DefaultValue("false") boolean exitWithParent,
    @DefaultValue("32") int batchRows,
    @DefaultValue("8192") int batchTokens,
    @DefaultValue("0.5") double batchPadding,
    @DefaultValue("2ms") Duration batchWait,
    @DefaultValue("1024") int queueLimit,
    @DefaultValue("256") int largestInputs,
    @DefaultValue("100000") int largestCharacters,
    @DefaultValue("20s") Duration drainPatience) {}
