/** The words that people read, the same in every channel. */
@NullMarked
package org.understudy.alerts.message;

import org.jspecify.annotations.NullMarked;
