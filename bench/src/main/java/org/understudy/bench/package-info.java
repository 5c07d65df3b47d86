/**
 * Measures the program beside its peers. Run by the scripts in this module's directory, which build what they need; the results
 * that are kept are in {@code RESULTS.md}.
 */
@NullMarked
package org.understudy.bench;

import org.jspecify.annotations.NullMarked;
