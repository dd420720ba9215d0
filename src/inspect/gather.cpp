// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/gather.h"
