/** Attempts to make the spool do harm: relay for anybody, send to people who sent nothing, or send mail round in circles. */
@NullMarked
package org.understudy.interop.battery;

import org.jspecify.annotations.NullMarked;
