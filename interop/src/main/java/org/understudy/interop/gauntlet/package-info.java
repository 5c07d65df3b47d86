/** A staged internet with healthy and broken mail domains, and what an audit finds in it. */
@NullMarked
package org.understudy.interop.gauntlet;

import org.jspecify.annotations.NullMarked;
