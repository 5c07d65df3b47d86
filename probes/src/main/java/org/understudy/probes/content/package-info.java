/** Whether primary and backup treat content alike: the same samples are handed to both, and what they answer is compared. */
@NullMarked
package org.understudy.probes.content;

import org.jspecify.annotations.NullMarked;
