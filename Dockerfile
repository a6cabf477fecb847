# The product in one image: built by the SDK, run by the smaller ASP.NET image as a user without rights, data on a volume.
FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /src
# Project files first: packages are restored again only when one of these changes.
COPY Directory.Build.props Directory.Build.rsp Directory.Build.targets Directory.Packages.props BannedSymbols.txt .editorconfig ./
COPY Crm.Domain/Crm.Domain.csproj Crm.Domain/
COPY Crm.Storage/Crm.Storage.csproj Crm.Storage/
COPY Crm.GraphQL/Crm.GraphQL.csproj Crm.GraphQL/
COPY Crm.Api/Crm.Api.csproj Crm.Api/
RUN dotnet restore Crm.Api/Crm.Api.csproj
COPY Crm.Domain/ Crm.Domain/
COPY Crm.Storage/ Crm.Storage/
COPY Crm.GraphQL/ Crm.GraphQL/
COPY Crm.Api/ Crm.Api/
RUN dotnet publish Crm.Api/Crm.Api.csproj -c Release --no-restore -o /app

FROM mcr.microsoft.com/dotnet/aspnet:10.0
WORKDIR /app
COPY --from=build /app ./
# The image's own user without rights owns the data and nothing else. The program is called by its name: docker exec NAME crm backup --to ...
RUN mkdir /data && chown $APP_UID /data && ln -s /app/crm /usr/local/bin/crm
USER $APP_UID
VOLUME /data
# Where a virtual machine hides its caches, .NET collects after each two megabytes; see docs/performance.md.
ENV DOTNET_GCgen0size=0x2000000 \
    ASPNETCORE_URLS=http://+:5080 \
    ConnectionStrings__Crm=sqlite:/data/crm.db
EXPOSE 5080
# The image has no curl: the product asks itself.
HEALTHCHECK --interval=10s --timeout=5s --start-period=10s --retries=3 CMD ["crm", "health"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["crm"]
