"""Makes the golden images under src/test/resources/image with the reference implementation.

Run it from the module's folder, in a Python environment with torch, transformers and Pillow:

    python src/test/python/make_image_goldens.py src/test/resources/image

decoding.json: what the reference's pipeline makes of each file before preprocessing (upright, RGB), samples in base64,
[height, width, 3]. processing.json: what its processors (the PIL ones) make of a file, by configuration: unsigned
bytes where samples are neither rescaled nor normalized, else little-endian floats, in base64, [3, height, width].
"""

import base64
import io
import json
import pathlib
import struct
import sys
import zlib

import numpy as np
import PIL
import transformers
from PIL import Image
from transformers import AutoImageProcessor
from transformers.image_utils import load_image

out = pathlib.Path(sys.argv[1])
out.mkdir(parents=True, exist_ok=True)
random = np.random.default_rng(7)


def picture(width, height, channels=3):
    y, x = np.mgrid[0:height, 0:width]
    waves = [np.sin(x / (3 + c) + y / (5 - c)) * 90 + 128 + random.normal(0, 25, (height, width)) for c in range(channels)]
    return np.clip(np.stack(waves, -1), 0, 255).astype(np.uint8)


def save(name, image, **options):
    image.save(out / name, **options)


def png_chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def raw_png(name, width, height, depth, color, rows, extra=b""):
    header = png_chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, color, 0, 0, 0))
    data = png_chunk(b"IDAT", zlib.compress(b"".join(b"\0" + row for row in rows)))
    (out / name).write_bytes(b"\x89PNG\r\n\x1a\n" + header + extra + data + png_chunk(b"IEND", b""))


def exif(orientation):
    e = Image.Exif()
    e[274] = orientation
    return e


rgb = Image.fromarray(picture(23, 17))
save("rgb.png", rgb)
save("rgba.png", Image.fromarray(picture(9, 7, 4)))
save("gray.png", Image.fromarray(picture(9, 7, 1)[..., 0]))
save("gray-alpha.png", Image.fromarray(picture(9, 7, 2)))
save("bilevel.png", Image.fromarray(picture(9, 7, 1)[..., 0]).convert("1"))
save("palette.png", rgb.quantize(11))
save("palette-transparent.png", rgb.quantize(11), transparency=3)
save("interlaced-upright.png", rgb, exif=exif(6))
raw_png("gray2.png", 8, 3, 2, 0, [random.bytes(2) for _ in range(3)])
raw_png("gray4.png", 9, 3, 4, 0, [random.bytes(5) for _ in range(3)])
raw_png("gray16.png", 5, 3, 16, 0, [struct.pack(">5H", *random.integers(0, 600, 5)) for _ in range(3)])
raw_png("rgb16.png", 5, 3, 16, 2, [random.bytes(30) for _ in range(3)])
raw_png("rgba16.png", 5, 3, 16, 6, [random.bytes(40) for _ in range(3)])
raw_png("gray-alpha16.png", 5, 3, 16, 4, [random.bytes(20) for _ in range(3)])
raw_png("rgb-keyed.png", 5, 3, 8, 2, [random.bytes(15) for _ in range(3)], png_chunk(b"tRNS", struct.pack(">3H", 1, 2, 3)))
raw_png("gray-keyed.png", 5, 3, 8, 0, [random.bytes(5) for _ in range(3)], png_chunk(b"tRNS", struct.pack(">H", 7)))
smooth = Image.fromarray(picture(37, 29))
save("444.jpg", smooth, quality=90, subsampling=0)
save("422.jpg", smooth, quality=90, subsampling=1)
save("420.jpg", smooth, quality=90, subsampling=2)
save("progressive.jpg", smooth, quality=80, progressive=True)
save("gray.jpg", smooth.convert("L"), quality=85)
save("cmyk.jpg", smooth.convert("CMYK"), quality=90)
for orientation in range(2, 9):
    save(f"orientation{orientation}.jpg", Image.fromarray(picture(9, 6)), quality=90, exif=exif(orientation))
save("frame.gif", rgb.quantize(20))
frames = [Image.fromarray(picture(12, 9)).quantize(8) for _ in range(2)]
save("animated.gif", frames[0], save_all=True, append_images=frames[1:])
part = io.BytesIO()
rgb.quantize(8).save(part, "GIF")
gif = bytearray(part.getvalue())
gif[6:10] = struct.pack("<HH", 30, 20)  # A logical screen that is larger than its frame.
(out / "screen.gif").write_bytes(gif)
save("rgb.bmp", rgb)
save("palette.bmp", rgb.quantize(13))
save("bilevel.bmp", Image.fromarray(picture(9, 7, 1)[..., 0]).convert("1"))

decoding = {}
for file in sorted(out.iterdir()):
    if file.suffix != ".json" and not file.name.startswith("photo"):
        image = np.array(load_image(str(file)))
        decoding[file.name] = {"shape": image.shape, "samples": base64.b64encode(image.tobytes()).decode()}

save("photo.png", Image.fromarray(picture(53, 41)))
save("photo-tall.png", Image.fromarray(picture(19, 44)))
plain = dict(do_rescale=False, do_normalize=False)
vit = dict(image_processor_type="ViTImageProcessor")
bit = dict(image_processor_type="BitImageProcessor")
conv = dict(image_processor_type="ConvNextImageProcessor")
configs = []
for resample in range(6):
    for size in ([17, 31], [64, 77], [41, 20], [90, 53], [1, 1], [3, 90]):
        if resample in (2, 3) or size in ([17, 31], [64, 77]):
            configs.append(("photo.png", {**vit, **plain, "size": {"height": size[0], "width": size[1]}, "resample": resample}))
configs += [
    ("photo.png", {**vit, "size": {"height": 7, "width": 9}}),
    ("photo.png", {"image_processor_type": "ViTImageProcessorFast", "size": 8, "image_mean": [0.5, 0.4, 0.3], "image_std": [0.2, 0.25, 0.3]}),
    ("photo.png", {"feature_extractor_type": "ViTFeatureExtractor", "size": 6, "image_mean": 0.1, "image_std": 0.7}),
    ("photo.png", {**vit, "size": [5, 9], "do_normalize": False, "rescale_factor": 0.0078125}),
    ("photo.png", {**vit, "size": 5, "do_rescale": False}),
    ("photo.png", {**vit, **plain, "do_resize": False, "do_center_crop": True, "crop_size": 12}),
    ("photo.png", {**vit, **plain, "size": {"shortest_edge": 15}}),
    ("photo-tall.png", {**vit, **plain, "size": {"shortest_edge": 15}}),
    ("photo.png", {**vit, **plain, "size": 13, "default_to_square": False}),
    ("photo-tall.png", {**vit, **plain, "size": {"shortest_edge": 30, "longest_edge": 40}}),
    ("photo.png", {**vit, **plain, "size": {"shortest_edge": 30, "longest_edge": 32}}),
    ("photo-tall.png", {**vit, **plain, "size": {"max_height": 20, "max_width": 30}}),
    ("photo.png", {"image_processor_type": "DeiTImageProcessor", "size": 20, "crop_size": {"height": 11, "width": 14}}),
    ("photo.png", {"image_processor_type": "DeiTImageProcessor", **plain, "size": 10, "crop_size": {"height": 15, "width": 7}}),
    ("photo.png", {"image_processor_type": "BeitImageProcessor", "size": 9, "do_center_crop": True, "crop_size": 12}),
    ("photo.png", {"image_processor_type": "BeitImageProcessor", **plain, "size": {"height": 9, "width": 4}}),
    ("photo.png", {**conv, "size": {"shortest_edge": 16}}),
    ("photo-tall.png", {**conv, **plain, "size": {"shortest_edge": 15}, "crop_pct": 0.9}),
    ("photo-tall.png", {**conv, **plain, "size": 15, "resample": 2}),
    ("photo-tall.png", {**conv, **plain, "size": {"shortest_edge": 384}, "do_center_crop": True, "crop_size": 10}),
    ("photo.png", {**bit, "size": {"shortest_edge": 16}, "crop_size": {"height": 16, "width": 16}}),
    ("photo-tall.png", {**bit, "size": 15, "crop_size": 12, "resample": 2}),
    ("photo.png", {**bit, **plain, "size": {"shortest_edge": 18}, "crop_size": [11, 14]}),
    ("photo-tall.png", {**bit, **plain, "size": {"shortest_edge": 9}, "crop_size": 14}),
    ("photo.png", {**bit, "size": {"height": 7, "width": 12}, "do_center_crop": False, "image_mean": [0.485, 0.456, 0.406]}),
    ("photo.png", {"image_processor_type": "BitImageProcessorFast", "do_resize": False, "crop_size": 10, "rescale_factor": 0.0078125}),
    ("photo-tall.png", {"feature_extractor_type": "BitFeatureExtractor", "size": {"shortest_edge": 8}, "crop_size": 8}),
    ("rgba.png", {**bit, "size": 7, "crop_size": 6}),
    ("rgba.png", {**vit, "size": 4}),
    ("orientation6.jpg", {**vit, **plain, "size": {"shortest_edge": 4}}),
]
processing = []
for name, config in configs:
    folder = out / "config"
    folder.mkdir(exist_ok=True)
    (folder / "preprocessor_config.json").write_text(json.dumps(config))
    processor = AutoImageProcessor.from_pretrained(folder, backend="pil")
    values = processor(load_image(str(out / name)), return_tensors="np")["pixel_values"][0]
    assert values.dtype in (np.uint8, np.float32), values.dtype
    processing.append({
        "image": name, "config": config, "class": type(processor).__name__, "shape": values.shape, "dtype": str(values.dtype),
        "values": base64.b64encode(np.ascontiguousarray(values).tobytes()).decode()})
    (folder / "preprocessor_config.json").unlink()
    folder.rmdir()
made_by = f"transformers {transformers.__version__}, Pillow {PIL.__version__}"
(out / "decoding.json").write_text(json.dumps({"made_by": made_by, "files": decoding}, indent=1) + "\n")
(out / "processing.json").write_text(json.dumps({"made_by": made_by, "cases": processing}, indent=1) + "\n")
