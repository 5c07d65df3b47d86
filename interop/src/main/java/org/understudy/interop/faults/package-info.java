/**
 * Every storage call of a spool fails in turn. strace attaches to the thread that makes the call and returns an error in its
 * place; mail is sent meanwhile; what was answered is held against what arrives at the next hop.
 */
@NullMarked
package org.understudy.interop.faults;

import org.jspecify.annotations.NullMarked;
