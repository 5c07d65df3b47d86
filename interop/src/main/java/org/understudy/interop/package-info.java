/**
 * Proofs that need whole processes, real servers, or a disk that loses what was not synced. Run by the scripts in this module's
 * directory.
 */
@NullMarked
package org.understudy.interop;

import org.jspecify.annotations.NullMarked;
