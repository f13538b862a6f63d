/**
 * What a user imports, or names in a configuration: functions over columns, the Spark extension and plugin, and reports of
 * what really ran.
 *
 * <p>May import every other package; no other package imports this one.
 */
@NullMarked
package dev.tessera;

import org.jspecify.annotations.NullMarked;
