/**
 * How a job trains: its hyperparameters, with every default filled in and every value in range.
 * Start with {@link io.slipway.finetune.recipe.Recipe}; {@link
 * io.slipway.finetune.recipe.AdapterRecipe} is for runs that train an adapter.
 */
@NullMarked
package io.slipway.finetune.recipe;

import org.jspecify.annotations.NullMarked;
