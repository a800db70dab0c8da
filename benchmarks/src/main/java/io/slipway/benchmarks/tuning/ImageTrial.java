package io.slipway.benchmarks.tuning;

import io.slipway.benchmarks.checkpoint.FreshCheckpoint;
import io.slipway.benchmarks.tuning.DataFolder.DataFiles;
import io.slipway.benchmarks.tuning.Plan.ReferenceRows;
import io.slipway.models.training.classification.ImageClassificationGoal;
import io.slipway.models.training.classification.LabelledImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;

/** Images that are labelled. */
final class ImageTrial {

  private static final int IMAGE_SIZE = 8;
  private static final int PATCH_SIZE = 2;
  private static final long SEED = 7;

  private ImageTrial() {}

  /** An image in base64 and its label by name. */
  record NamedImage(String image, String label) {}

  static Plan<LabelledImage> plan(DataFiles files, Path checkpoint, Budget budget)
      throws IOException {
    DataRows<NamedImage> named =
        DataRows.read(
            files,
            row -> new NamedImage(DataRows.column(row, "image"), DataRows.column(row, "label")),
            NamedImage::image);
    List<String> labels =
        named.train().stream().map(NamedImage::label).distinct().sorted().toList();
    DataRows<NamedImage> taken = budget.of(named);
    DataRows<LabelledImage> rows =
        new DataRows<>(labelled(taken.train(), labels), labelled(taken.heldOut(), labels));
    FreshCheckpoint.imageClassifier(checkpoint, labels, IMAGE_SIZE, PATCH_SIZE, SEED);
    double majority =
        Baselines.majority(
            rows.train().stream().map(LabelledImage::label).toList(),
            rows.heldOut().stream().map(LabelledImage::label).toList());
    return new Plan<>(
        new ImageClassificationGoal(labels, false),
        Optional.empty(),
        Lesson.tuning(rows, budget),
        rows.heldOut(),
        model ->
            List.of(Score.accuracy(model.validate(rows.heldOut()).metric("accuracy"), majority)),
        new ReferenceRows<>(
            "image-classification",
            Map.of(),
            row ->
                new JsonMapper()
                    .createObjectNode()
                    .put("image", row.image())
                    .put("label", row.label())));
  }

  private static List<LabelledImage> labelled(List<NamedImage> rows, List<String> labels) {
    return rows.stream()
        .map(
            row ->
                new LabelledImage(
                    Base64.getDecoder().decode(row.image()), labels.indexOf(row.label())))
        .toList();
  }
}
