/** A spool in a process of its own, somebody who sends it numbered mail, and somebody who takes it in the end and compares. */
@NullMarked
package org.understudy.interop.mail;

import org.jspecify.annotations.NullMarked;
