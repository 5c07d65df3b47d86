/** The agent from outside: the packaged jar as a process, its configuration, its architecture. */
@NullMarked
package org.understudy.agent;

import org.jspecify.annotations.NullMarked;
