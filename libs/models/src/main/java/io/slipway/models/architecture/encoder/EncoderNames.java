package io.slipway.models.architecture.encoder;

import io.slipway.models.layers.WeightNames;
import java.util.List;
import java.util.Set;

/**
 * Names in the reference's checkpoints of an encoder: with a task's head and the encoder beneath a
 * prefix, or the encoder alone without it; normalisations may be in their older spelling.
 *
 * @param base the encoder's attribute in the classes with a head, such as {@code bert}
 * @param parts beginnings of the encoder's own names
 * @param heads beginnings of the names of all heads, each of which ignores those of the others
 */
record EncoderNames(String base, List<String> parts, List<String> heads) implements WeightNames {

  @Override
  public String canonical(String name, Set<String> all) {
    String current =
        name.endsWith("LayerNorm.gamma") || name.endsWith("LayerNorm.beta")
            ? name.replaceFirst("gamma$", "weight").replaceFirst("beta$", "bias")
            : name;
    boolean alone = all.stream().noneMatch(other -> other.startsWith(base + "."));
    return alone && parts.stream().anyMatch(current::startsWith) ? base + "." + current : current;
  }

  @Override
  public boolean ignorable(String name) {
    return name.equals(base + ".embeddings.position_ids")
        || name.startsWith(base + ".pooler.")
        || heads.stream().anyMatch(name::startsWith);
  }
}
