// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "operations/operation.h"

#include <QJsonValue>

/// Values of operations as JSON texts in the catalogue, and back. Bytes that are no UTF-8 (a path's) are
/// `{"base64": "…"}`. What can't be understood is as if it weren't there.
namespace lk::catalog::json {

QJsonValue fromText(std::string_view bytes);
std::string toText(const QJsonValue &value);

std::string fromArguments(const operations::Arguments &arguments);
operations::Arguments toArguments(std::string_view json);

std::string fromInvocation(const operations::Invocation &invocation);
std::optional<operations::Invocation> toInvocation(std::string_view json);

/// An object; its order is lost.
std::string fromFields(const std::vector<operations::Field> &fields);
std::vector<operations::Field> toFields(std::string_view json);

}
