// SPDX-License-Identifier: GPL-3.0-or-later
// Nothing: what belongs to it are the precompiled headers of the tests.
