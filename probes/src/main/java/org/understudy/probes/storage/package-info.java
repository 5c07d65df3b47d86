/** What the probes' tables have in common. */
@NullMarked
package org.understudy.probes.storage;

import org.jspecify.annotations.NullMarked;
