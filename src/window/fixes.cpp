// SPDX-License-Identifier: GPL-3.0-or-later
#include "window/fixes.h"

#include <QCoreApplication>

#include <algorithm>
#include <string_view>

namespace lk::window {

using operations::Parameter;

static QString translated(const char *text)
{
    return QCoreApplication::translate("Operation", text);
}

std::optional<OperationRequest> requestFor(const advice::Fix &fix)
{
    const operations::Operation *operation =
        fix.kind == advice::Fix::Operation ? operations::find(fix.operation) : nullptr;
    if (!operation)
        return {};
    OperationRequest request{.operation = operation, .arguments = {}, .verb = translated(operation->title)};
    const auto parameter = std::ranges::find(operation->parameters, std::string_view(fix.parameter),
                                             [](const Parameter &one) { return std::string_view(one.id); });
    if (parameter == operation->parameters.end())
        return request;
    if (parameter->kind == Parameter::Kind::Flag) {
        request.arguments[parameter->id] = true;
        return request;
    }
    request.arguments[parameter->id] = std::string(fix.value);
    if (parameter->kind != Parameter::Kind::Choice)
        return request;
    const auto choice = std::ranges::find(parameter->choices, std::string_view(fix.value),
                                          [](const Parameter::Value &one) { return std::string_view(one.id); });
    if (choice != parameter->choices.end())
        request.verb = translated(choice->title);
    return request;
}

QString fixButtonText(const advice::Fix &fix)
{
    if (fix.kind == advice::Fix::Settings)
        return QCoreApplication::translate("Fix", "Settings to copy");
    const std::optional<OperationRequest> request = requestFor(fix);
    if (!request)
        return {};
    const bool dialog = request->operation->risk != operations::Risk::Reads;
    return dialog ? QCoreApplication::translate("Fix", "%1…").arg(request->verb) : request->verb;
}

}
