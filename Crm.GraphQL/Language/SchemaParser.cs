// The parser's part for the schema language: schemas, types, directives, and what extends them.

namespace Crm.GraphQL.Language;

public ref partial struct Parser
{
    static readonly HashSet<string> Places = new(StringComparer.Ordinal)
    {
        "QUERY",
        "MUTATION",
        "SUBSCRIPTION",
        "FIELD",
        "FRAGMENT_DEFINITION",
        "FRAGMENT_SPREAD",
        "INLINE_FRAGMENT",
        "VARIABLE_DEFINITION",
        "SCHEMA",
        "SCALAR",
        "OBJECT",
        "FIELD_DEFINITION",
        "ARGUMENT_DEFINITION",
        "INTERFACE",
        "UNION",
        "ENUM",
        "ENUM_VALUE",
        "INPUT_OBJECT",
        "INPUT_FIELD_DEFINITION",
    };

    /// <summary>A definition of the schema language; null when none begins here.</summary>
    Definition? SchemaPart(Location start, bool extends)
    {
        if (token.Kind != TokenKind.Name)
            return null;
        if (token.Word == "schema")
            return Schema(start, extends);
        if (token.Word == "directive" && !extends)
            return DirectiveDefinition(start);
        TypeKeyword? keyword = token.Word switch
        {
            "scalar" => TypeKeyword.Scalar,
            "type" => TypeKeyword.Type,
            "interface" => TypeKeyword.Interface,
            "union" => TypeKeyword.Union,
            "enum" => TypeKeyword.Enum,
            "input" => TypeKeyword.Input,
            _ => null,
        };
        return keyword is null ? null : TypeDefinition(keyword.Value, start, extends);
    }

    SchemaNode Schema(Location start, bool extends)
    {
        Next();
        var here = Directives(true);
        var roots = new List<RootNode>();
        if (!extends || Is("{"))
        {
            Expect("{");
            do
            {
                var place = token.At;
                var kind = KindOfOperation();
                Expect(":");
                roots.Add(new(kind, NamedType(), place));
            } while (!Take("}"));
        }
        return extends && here.Count == 0 && roots.Count == 0 ? throw Unexpected() : new(extends, here, roots, start);
    }

    TypeDefinitionNode TypeDefinition(TypeKeyword keyword, Location start, bool extends)
    {
        Next();
        var place = token.At;
        var name = Name();
        var interfaces = keyword is TypeKeyword.Type or TypeKeyword.Interface && TakeWord("implements") ? NamedTypes("&") : [];
        var read = new TypeDefinitionNode(keyword, extends, name, Directives(true), start, place) { Interfaces = interfaces };
        switch (keyword)
        {
            case TypeKeyword.Type or TypeKeyword.Interface when Take("{"):
                var fields = new List<FieldDefinitionNode>();
                do fields.Add(FieldDefinition());
                while (!Take("}"));
                read = read with { Fields = fields };
                break;
            case TypeKeyword.Union when Take("="):
                read = read with { Members = NamedTypes("|") };
                break;
            case TypeKeyword.Enum when Take("{"):
                var values = new List<EnumValueNode>();
                do values.Add(EnumValue());
                while (!Take("}"));
                read = read with { Values = values };
                break;
            case TypeKeyword.Input when Take("{"):
                read = read with { Inputs = InputDefinitions("}") };
                break;
        }
        var more =
            read.Interfaces.Count + read.Directives.Count + read.Fields.Count + read.Members.Count + read.Values.Count + read.Inputs.Count;
        return extends && more == 0 ? throw Unexpected() : read;
    }

    NamedTypeNode NamedType()
    {
        var start = token.At;
        return new(Name(), start);
    }

    IReadOnlyList<NamedTypeNode> NamedTypes(string between)
    {
        Take(between);
        var types = new List<NamedTypeNode>();
        do types.Add(NamedType());
        while (Take(between));
        return types;
    }

    FieldDefinitionNode FieldDefinition()
    {
        var start = token.At;
        var description = Description();
        var place = token.At;
        var name = Name();
        var takes = Take("(") ? InputDefinitions(")") : [];
        Expect(":");
        return new(description, name, takes, Type(), Directives(true), start, place);
    }

    IReadOnlyList<InputDefinitionNode> InputDefinitions(string end)
    {
        var inputs = new List<InputDefinitionNode>();
        do
        {
            var start = token.At;
            var description = Description();
            var place = token.At;
            var name = Name();
            Expect(":");
            inputs.Add(new(description, name, Type(), Take("=") ? Value(true) : null, Directives(true), start, place));
        } while (!Take(end));
        return inputs;
    }

    EnumValueNode EnumValue()
    {
        var start = token.At;
        var description = Description();
        if (token.Kind == TokenKind.Name && token.Word is "true" or "false" or "null")
            throw Unexpected();
        var place = token.At;
        return new(description, Name(), Directives(true), start, place);
    }

    DirectiveDefinitionNode DirectiveDefinition(Location start)
    {
        Next();
        Expect("@");
        var nameAt = token.At;
        var name = Name();
        var takes = Take("(") ? InputDefinitions(")") : [];
        var repeatable = TakeWord("repeatable");
        ExpectWord("on");
        Take("|");
        var places = new List<string>();
        do
        {
            var place = token;
            places.Add(Places.Contains(Name()) ? place.Word : throw Unexpected(place));
        } while (Take("|"));
        return new(name, takes, repeatable, places, start, nameAt);
    }
}
