package org.understudy.interop.power;

import java.util.Map;
import java.util.TreeMap;

/** A directory: its names as processes see them, and those that are certain to be there after a power loss. */
final class StoredDirectory implements Node {
    final Map<String, Node> current = new TreeMap<>();
    final Map<String, Node> durable = new TreeMap<>();
}
