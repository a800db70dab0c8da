/**
 * The safetensors format: files are mapped, their headers validated strictly, and new ones written.
 *
 * <p>Start at {@link io.slipway.modelfiles.safetensors.SafetensorsFile} for reading and at {@link
 * io.slipway.modelfiles.safetensors.SafetensorsWriter} for writing.
 *
 * @see <a href="https://github.com/huggingface/safetensors#format">The format</a>
 */
@NullMarked
package io.slipway.modelfiles.safetensors;

import org.jspecify.annotations.NullMarked;
