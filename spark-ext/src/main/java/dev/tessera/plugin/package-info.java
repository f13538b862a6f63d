/**
 * Configuration, and the life of the runtime in a Spark process: started by whoever comes first, the plugin or a task.
 *
 * <p>Imports {@code runtime}, {@code plan} and {@code tensor}; knows Spark's plugins and environment, not its SQL engine.
 */
@NullMarked
package dev.tessera.plugin;

import org.jspecify.annotations.NullMarked;
