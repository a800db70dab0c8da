"""Makes src/test/resources/goldens/image-classification with the reference implementation.

    python src/test/python/make_image_goldens.py src/test/resources/goldens/image-classification

A folder a checkpoint, images beside them, and golden.json: for checkpoints with changed configurations, what the
reference's pipeline answers for each image and set of parameters.
"""

import json
import pathlib
import sys

import numpy
import torch
import transformers
from PIL import Image

torch.set_num_threads(1)
out = pathlib.Path(sys.argv[1])
out.mkdir(parents=True, exist_ok=True)


def image(name, mode, width, height, seed):
    """Smooth colours with an edge, so that resizing matters."""
    y, x = numpy.mgrid[0:height, 0:width].astype("float64")
    waves = [127 + 120 * numpy.sin(x / (3 + i) + y / (5 - i) + seed) for i in range(4)]
    waves[0][height // 3 :, : width // 2] = 250
    channels = numpy.stack(waves, -1).astype("uint8")
    picture = Image.fromarray(channels, "RGBA").convert(mode)
    picture.save(out / name)


image("colours.png", "RGB", 40, 30, 1)
image("grey.png", "L", 17, 33, 2)
image("transparent.png", "RGBA", 25, 26, 3)
image("tall.bmp", "RGB", 12, 36, 4)
IMAGES = ["colours.png", "grey.png", "transparent.png", "tall.bmp"]


def vit(labels):
    config = transformers.ViTConfig(hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=20,
                                    image_size=16, patch_size=8, num_labels=len(labels), id2label=dict(enumerate(labels)))
    return transformers.ViTForImageClassification(config), transformers.ViTImageProcessor(size={"height": 16, "width": 16})


def resnet(labels):
    config = transformers.ResNetConfig(embedding_size=4, hidden_sizes=[6, 8], depths=[1, 1], layer_type="basic",
                                       num_labels=len(labels), id2label=dict(enumerate(labels)))
    processor = transformers.ConvNextImageProcessor(size={"shortest_edge": 20}, crop_pct=0.875, resample=3)
    return transformers.ResNetForImageClassification(config), processor


def sizes(labels):
    """Images keep their proportions, so that they differ in size."""
    model, _ = resnet(labels)
    return model, transformers.ViTImageProcessor(size={"shortest_edge": 18}, default_to_square=False)


CHECKPOINTS = {
    "vit": vit(["cat", "dog", "bird"]),
    "resnet": resnet([f"class {i}" for i in range(7)]),
    "one-label": vit(["hot"]),
    "sizes": sizes(["round", "square", "flat"]),
}
CASES = [
    ("vit", {}, [{}, {"top_k": 1}, {"top_k": 9}, {"function_to_apply": "none"}, {"function_to_apply": "sigmoid", "top_k": 2}]),
    ("vit", {"problem_type": "multi_label_classification"}, [{}, {"function_to_apply": "softmax"}]),
    ("vit", {"problem_type": "regression"}, [{}]),
    ("resnet", {}, [{}, {"top_k": 7}]),
    ("one-label", {}, [{}, {"function_to_apply": "none"}]),
    ("one-label", {"problem_type": "single_label_classification"}, [{}]),
    ("sizes", {}, [{}]),
]

torch.manual_seed(3)
for name, (model, processor) in CHECKPOINTS.items():
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.normal_(0, 0.3)
        for buffer_name, buffer in model.named_buffers():
            if buffer_name.endswith("running_var"):
                buffer.uniform_(0.5, 1.5)
    model.eval().save_pretrained(out / name)
    processor.save_pretrained(out / name)

goldens = []
for name, overrides, parameters in CASES:
    model, processor = CHECKPOINTS[name]
    model.config.problem_type = overrides.get("problem_type")
    pipeline = transformers.pipeline("image-classification", model=model, image_processor=processor, device="cpu")
    for given in parameters:
        answers = [pipeline(str(out / image), **given) for image in IMAGES]
        goldens.append({"checkpoint": name, "config": overrides, "parameters": given, "answers": answers})
made_by = f"transformers {transformers.__version__}, torch {torch.__version__}"
text = json.dumps({"made_by": made_by, "images": IMAGES, "cases": goldens}, indent=1)
(out / "golden.json").write_text(text + "\n")
