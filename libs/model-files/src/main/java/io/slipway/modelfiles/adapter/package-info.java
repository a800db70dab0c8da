/**
 * LoRA adapters in the layout of the PEFT library: {@code adapter_config.json} and {@code
 * adapter_model.safetensors}.
 *
 * <p>Start at {@link io.slipway.modelfiles.adapter.AdapterCheckpoint} for reading and at {@link
 * io.slipway.modelfiles.adapter.AdapterWriter} for writing.
 *
 * @see <a href="https://huggingface.co/docs/peft/developer_guides/checkpoint">The format</a>
 */
@NullMarked
package io.slipway.modelfiles.adapter;

import org.jspecify.annotations.NullMarked;
