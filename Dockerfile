# One image for every process: whyfolio serve | work relay | work projector | migrate
FROM python:3.11-slim AS build
WORKDIR /src
COPY pyproject.toml README.md LICENSE ./
COPY domain domain
COPY store store
COPY projections projections
COPY workers workers
COPY api api
COPY whyfolio whyfolio
COPY samples samples
RUN python -m venv /opt/whyfolio && /opt/whyfolio/bin/pip install --no-cache-dir .

FROM python:3.11-slim
RUN useradd --system --create-home --home-dir /var/lib/whyfolio whyfolio
COPY --from=build /opt/whyfolio /opt/whyfolio
# a stray api/ in the working folder must not be imported in place of ours
ENV PATH=/opt/whyfolio/bin:$PATH PYTHONSAFEPATH=1 PYTHONUNBUFFERED=1 WHYFOLIO_HOST=0.0.0.0
USER whyfolio
WORKDIR /var/lib/whyfolio
EXPOSE 8000
CMD ["whyfolio", "serve"]
