/** Fetching a page, and nothing more than that. */
@NullMarked
package org.understudy.probes.http;

import org.jspecify.annotations.NullMarked;
